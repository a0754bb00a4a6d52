package cambium.demo.storefront;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The orders of the shop. A version works with the schema of the version before it as well, so that it can be put in
/// and taken out without downtime: until the post-deployment migration drops the older price column, both are written.
final class Orders {
    static final int MAX_LISTED = 20;
    private static final int WARM_UP_ROUNDS = 80;

    private final ShopDatabase database;
    private final Product product;

    Orders(ShopDatabase database, Product product) {
        this.database = database;
        this.product = product;
    }

    /// Goes the usual ways often enough that the first customers do not wait for the compiler.
    void warmUp() throws SQLException {
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            find(1);
            latest();
        }
    }

    Optional<Order> find(long id) throws SQLException {
        return database.with(connection -> {
            try (var query = connection.prepareStatement("SELECT * FROM orders WHERE id = ?")) {
                query.setLong(1, id);
                try (ResultSet row = query.executeQuery()) {
                    return row.next() ? Optional.of(order(row)) : Optional.empty();
                }
            }
        });
    }

    List<Long> latest() throws SQLException {
        return database.with(connection -> {
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(
                            "SELECT id FROM orders ORDER BY id DESC LIMIT " + MAX_LISTED)) {
                var ids = new ArrayList<Long>();
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
                return ids;
            }
        });
    }

    long place(String item, int quantity, long priceCents) throws SQLException {
        return database.with(connection -> {
            try (PreparedStatement insert = insert(connection, item, quantity, priceCents)) {
                insert.executeUpdate();
                try (ResultSet key = insert.getGeneratedKeys()) {
                    key.next();
                    return key.getLong(1);
                }
            }
        });
    }

    private PreparedStatement insert(Connection connection, String item, int quantity, long cents) throws SQLException {
        var columns = new ArrayList<>(List.of("channel", "item", "quantity"));
        var values = new ArrayList<Object>(List.of("web", item, quantity));
        if (!product.priceInCents() || has(connection, "PRICE_EURO")) {
            columns.add("price_euro");
            values.add(BigDecimal.valueOf(cents, 2));
        }
        if (product.priceInCents()) {
            columns.add("price_cents");
            values.add(cents);
        }
        if (product.discounts()) {
            columns.add("discount_percent");
            values.add(quantity >= 10 ? 5 : 0);
        }
        String sql = "INSERT INTO orders (" + String.join(", ", columns) + ") VALUES ("
                + String.join(", ", columns.stream().map(_ -> "?").toList()) + ")";
        PreparedStatement insert = connection.prepareStatement(sql, new String[] {"ID"});
        for (int i = 0; i < values.size(); i++) {
            insert.setObject(i + 1, values.get(i));
        }
        return insert;
    }

    private static boolean has(Connection connection, String column) throws SQLException {
        try (ResultSet columns = connection.getMetaData().getColumns(null, null, "ORDERS", column)) {
            return columns.next();
        }
    }

    private Order order(ResultSet row) throws SQLException {
        return new Order(row.getLong("id"), row.getString("channel"), row.getString("item"), row.getInt("quantity"),
                cents(row), product.discounts() ? Optional.of(discount(row)) : Optional.empty());
    }

    /// Orders that the version before wrote in the meantime hold only the older column.
    private long cents(ResultSet row) throws SQLException {
        if (product.priceInCents() && row.getObject("price_cents") != null) {
            return row.getLong("price_cents");
        }
        return row.getBigDecimal("price_euro").movePointRight(2).longValueExact();
    }

    /// The defect of the third version: its migration filled in the discount of web orders and forgot those taken by
    /// phone, and nobody asked what an order without one is worth.
    private static int discount(ResultSet row) throws SQLException {
        return row.getObject("discount_percent", Integer.class);
    }
}
