package cambium.server.fleet.json;

import cambium.rollout.AttemptId;
import cambium.rollout.Scope;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/// Writes records as JSON and reads them back, by their components alone: nothing is configured, so what is stored is
/// what the type says. Fields stand in the order of the components; a sealed type is told apart by the field `is`, the
/// simple name of the record; a record of one component stands for that component; an empty `Optional` is left out, and
/// so a component added later as `Optional` reads old texts. Anything unknown, missing or of another type is refused
/// with [Unreadable]: a text that is only half understood must not be acted on.
final class RecordJson {
    private static final String KIND = "is";
    /// Types stored as the text by which people know them.
    private static final Map<Class<?>, Function<String, Object>> TEXTS =
            Map.of(AttemptId.class, AttemptId::of, Scope.class, Scope::of,
                    Instant.class, Instant::parse, Duration.class, Duration::parse,
                    ZoneId.class, ZoneId::of, LocalDateTime.class, LocalDateTime::parse);
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /// A stored text does not say what the type needs.
    static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unreadable(String message) {
            super(message);
        }
    }

    private RecordJson() {}

    static JsonNode write(Type type, Object value) {
        if (type instanceof Class<?> plain && TEXTS.containsKey(plain)) {
            return NODES.textNode(value.toString());
        }
        return switch (value) {
            case String text -> NODES.textNode(text);
            case Enum<?> constant -> NODES.textNode(constant.name());
            case Integer number -> NODES.numberNode(number);
            case Long number -> NODES.numberNode(number);
            case Double number when Double.isFinite(number) -> NODES.numberNode(number);
            case Boolean truth -> NODES.booleanNode(truth);
            case Collection<?> items -> array(argument(type, 0), items);
            case Map<?, ?> map -> object(type, map);
            case Record record -> record(raw(type), record);
            default -> throw new IllegalStateException("cannot be stored: " + value.getClass() + " " + value);
        };
    }

    private static ArrayNode array(Type itemType, Collection<?> items) {
        var array = NODES.arrayNode(items.size());
        items.forEach(item -> array.add(write(itemType, item)));
        return array;
    }

    private static ObjectNode object(Type type, Map<?, ?> map) {
        var object = NODES.objectNode();
        map.forEach((key, value) ->
                object.set(write(argument(type, 0), key).asText(), write(argument(type, 1), value)));
        return object;
    }

    private static JsonNode record(Class<?> declared, Record record) {
        var components = record.getClass().getRecordComponents();
        var kindNeeded = declared.isSealed();
        if (components.length == 1 && !kindNeeded && components[0].getType() != Optional.class) {
            return write(components[0].getGenericType(), component(record, components[0]));
        }
        var object = NODES.objectNode();
        if (kindNeeded) {
            object.put(KIND, record.getClass().getSimpleName());
        }
        for (var each : components) {
            var value = component(record, each);
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present ->
                        object.set(each.getName(), write(argument(each.getGenericType(), 0), present)));
            } else {
                object.set(each.getName(), write(each.getGenericType(), value));
            }
        }
        return object;
    }

    private static Object component(Record record, RecordComponent component) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a record's component cannot be read: " + component, impossible);
        }
    }

    static Object read(Type type, JsonNode node) {
        var raw = raw(type);
        if (TEXTS.containsKey(raw)) {
            return parsed(raw, text(node));
        } else if (raw == String.class) {
            return text(node);
        } else if (raw.isEnum()) {
            return constant(raw, text(node));
        } else if (raw == int.class || raw == Integer.class) {
            return checked(node.isInt(), node).intValue();
        } else if (raw == long.class || raw == Long.class) {
            return checked(node.isIntegralNumber() && node.canConvertToLong(), node).longValue();
        } else if (raw == double.class || raw == Double.class) {
            return checked(node.isNumber(), node).doubleValue();
        } else if (raw == boolean.class || raw == Boolean.class) {
            return checked(node.isBoolean(), node).booleanValue();
        } else if (Collection.class.isAssignableFrom(raw)) {
            return items(raw, argument(type, 0), node);
        } else if (Map.class.isAssignableFrom(raw)) {
            return map(raw, type, node);
        }
        return raw.isSealed() ? readSealed(raw, node) : readRecord(raw, node, false);
    }

    private static Object parsed(Class<?> type, String text) {
        try {
            return TEXTS.get(type).apply(text);
        } catch (IllegalArgumentException | DateTimeException refused) {
            throw new Unreadable(type.getSimpleName() + ": " + refused.getMessage());
        }
    }

    private static String text(JsonNode node) {
        return checked(node.isTextual(), node).textValue();
    }

    private static JsonNode checked(boolean right, JsonNode node) {
        if (!right) {
            throw new Unreadable("a value of another type was expected, not " + node.getNodeType());
        }
        return node;
    }

    private static Object constant(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> ((Enum<?>) constant).name().equals(name))
                .findFirst()
                .orElseThrow(() -> new Unreadable("unknown " + type.getSimpleName() + " '" + name + "'"));
    }

    private static Collection<Object> items(Class<?> raw, Type itemType, JsonNode node) {
        checked(node.isArray(), node);
        var items = new ArrayList<Object>();
        node.forEach(item -> items.add(read(itemType, item)));
        if (raw == List.class || raw == Collection.class) {
            return items;
        } else if (raw.isAssignableFrom(TreeSet.class)) {
            return new TreeSet<>(items);
        }
        throw new IllegalStateException("a collection of this kind cannot be stored: " + raw);
    }

    private static Map<Object, Object> map(Class<?> raw, Type type, JsonNode node) {
        checked(node.isObject(), node);
        var sorted = SortedMap.class.isAssignableFrom(raw) && raw.isAssignableFrom(TreeMap.class);
        if (!sorted && !raw.isAssignableFrom(LinkedHashMap.class)) {
            throw new IllegalStateException("a map of this kind cannot be stored: " + raw);
        }
        Map<Object, Object> map = sorted ? new TreeMap<>() : new LinkedHashMap<>();
        node.properties().forEach(entry ->
                map.put(key(argument(type, 0), entry.getKey()), read(argument(type, 1), entry.getValue())));
        return map;
    }

    /// Keys are texts in JSON; a key type made of one number is read from its digits.
    private static Object key(Type type, String name) {
        var raw = raw(type);
        var inner = raw.isRecord() && raw.getRecordComponents().length == 1
                ? raw.getRecordComponents()[0].getType()
                : raw;
        var number = inner == int.class || inner == Integer.class || inner == long.class || inner == Long.class;
        if (number && !name.matches("-?[0-9]{1,9}")) {
            throw new Unreadable("a number was expected as key, not '" + name + "'");
        }
        return read(type, number ? NODES.numberNode(Integer.parseInt(name)) : NODES.textNode(name));
    }

    private static Object readSealed(Class<?> sealed, JsonNode node) {
        var kind = checked(node.isObject(), node).path(KIND).asText("");
        var found = records(sealed).stream().filter(one -> one.getSimpleName().equals(kind)).toList();
        if (found.size() != 1) {
            throw new Unreadable("unknown kind of " + sealed.getSimpleName() + ": '" + kind + "'");
        }
        return readRecord(found.getFirst(), node, true);
    }

    /// All records that a sealed type allows, also through sealed types between.
    private static List<Class<?>> records(Class<?> sealed) {
        var records = new ArrayList<Class<?>>();
        for (var permitted : sealed.getPermittedSubclasses()) {
            records.addAll(permitted.isSealed() ? records(permitted) : List.of(permitted));
        }
        return records;
    }

    private static Object readRecord(Class<?> type, JsonNode node, boolean withKind) {
        if (!type.isRecord()) {
            throw new IllegalStateException("cannot be stored: " + type);
        }
        var components = type.getRecordComponents();
        if (components.length == 1 && !withKind && components[0].getType() != Optional.class) {
            return construct(type, components, new Object[] {read(components[0].getGenericType(), node)});
        }
        checked(node.isObject(), node);
        var names = Arrays.stream(components).map(RecordComponent::getName).toList();
        node.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name) && !(withKind && name.equals(KIND))) {
                throw new Unreadable(type.getSimpleName() + " has no field '" + name + "'");
            }
        });
        return construct(type, components,
                Arrays.stream(components).map(each -> readComponent(type, each, node)).toArray());
    }

    private static Object readComponent(Class<?> type, RecordComponent component, JsonNode node) {
        var value = node.get(component.getName());
        if (component.getType() == Optional.class) {
            return Optional.ofNullable(value).map(present -> read(argument(component.getGenericType(), 0), present));
        }
        if (value == null && defaultOf(component.getType()).isPresent()) {
            return defaultOf(component.getType()).get();
        }
        if (value == null) {
            throw new Unreadable(type.getSimpleName() + " lacks the field '" + component.getName() + "'");
        }
        return read(component.getGenericType(), value);
    }

    /// The constant `DEFAULT` of a type, which is what a text means that was written before a component had this type.
    private static Optional<Object> defaultOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> field.getName().equals("DEFAULT") && field.getType() == type)
                .findFirst().map(field -> {
                    try {
                        return field.get(null);
                    } catch (IllegalAccessException impossible) {
                        throw new IllegalStateException("a default cannot be read: " + field, impossible);
                    }
                });
    }

    private static Object construct(Class<?> type, RecordComponent[] components, Object[] values) {
        try {
            var parameters = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(parameters);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (InvocationTargetException refused) {
            throw new Unreadable(type.getSimpleName() + ": " + refused.getCause().getMessage());
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("a record cannot be made: " + type, impossible);
        }
    }

    private static Class<?> raw(Type type) {
        return switch (type) {
            case Class<?> plain -> plain;
            case ParameterizedType parameterized -> (Class<?>) parameterized.getRawType();
            default -> throw new IllegalStateException("cannot be stored: " + type);
        };
    }

    private static Type argument(Type type, int index) {
        if (type instanceof ParameterizedType parameterized) {
            return parameterized.getActualTypeArguments()[index];
        }
        throw new IllegalStateException("the type of the items is not known: " + type);
    }
}
