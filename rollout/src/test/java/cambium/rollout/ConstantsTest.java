package cambium.rollout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// A constant that is made of another class's constant is null inside where that class happens to need this one first.
/// Which class a program touches first differs from run to run: a server that was started anew reads a fleet from its
/// log before anything else, and once could take no fleet file after that.
class ConstantsTest {
    private static final Path CLASSES = Path.of("target/classes");

    @Test
    void areWholeWhicheverClassIsTouchedFirst() throws Exception {
        var names = names();
        var broken = new ArrayList<String>();
        var looked = 0;
        // Those without anything static do nothing when they are touched.
        for (var first : with(names, _ -> true)) {
            try (var loader = new Untouched()) {
                Class.forName(first, true, loader);
                for (var name : with(names, field -> field.getType().isRecord())) {
                    looked += look(Class.forName(name, true, loader), "after " + first, broken);
                }
            }
        }
        assertEquals(List.of(), broken);
        assertTrue(looked > 500, "looked at " + looked);
    }

    private static List<String> names() throws IOException {
        try (var files = Files.walk(CLASSES.resolve("cambium"))) {
            return files.map(CLASSES::relativize).map(Path::toString).filter(name -> name.endsWith(".class")
                    && !name.endsWith("-info.class") && !name.contains("/health/"))
                    .map(name -> name.substring(0, name.length() - 6).replace('/', '.')).sorted().toList();
        }
    }

    /// Knows all other classes as they are, and its own of this module only when they are asked for.
    private static final class Untouched extends URLClassLoader {
        Untouched() throws IOException {
            super(new URL[] {CLASSES.toUri().toURL()}, ConstantsTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            synchronized (getClassLoadingLock(name)) {
                var known = findLoadedClass(name);
                return known != null ? known
                        : name.startsWith("cambium.") ? findClass(name) : super.loadClass(name, resolve);
            }
        }
    }

    private static List<String> with(List<String> names, Predicate<Field> which) {
        return names.stream().filter(name -> {
            try {
                return Arrays.stream(Class.forName(name, false, ConstantsTest.class.getClassLoader())
                        .getDeclaredFields()).anyMatch(field -> Modifier.isStatic(field.getModifiers())
                        && !field.isSynthetic() && which.test(field));
            } catch (ClassNotFoundException impossible) {
                throw new IllegalStateException(impossible);
            }
        }).toList();
    }

    private static int look(Class<?> type, String when, List<String> broken) throws ReflectiveOperationException {
        var looked = 0;
        for (var field : type.getDeclaredFields()) {
            if (Modifier.isStatic(field.getModifiers()) && field.getType().isRecord()) {
                field.setAccessible(true);
                whole(field.get(null), type.getSimpleName() + "." + field.getName() + " " + when, broken);
                looked++;
            }
        }
        return looked;
    }

    private static void whole(Object value, String where, List<String> broken) throws ReflectiveOperationException {
        if (value == null) {
            broken.add(where + " is null");
        } else if (value instanceof Record record) {
            for (var component : record.getClass().getRecordComponents()) {
                component.getAccessor().setAccessible(true);
                whole(component.getAccessor().invoke(record), component.getName() + " in " + where, broken);
            }
        }
    }
}
