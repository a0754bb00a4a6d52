-- Beside the older column, which the version before still reads and writes.
ALTER TABLE orders ADD COLUMN IF NOT EXISTS price_cents BIGINT;
UPDATE orders SET price_cents = price_euro * 100 WHERE price_cents IS NULL;
