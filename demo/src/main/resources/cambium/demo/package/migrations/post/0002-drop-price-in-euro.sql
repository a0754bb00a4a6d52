-- Only once no version that reads price_euro is needed any more: there is no way back over this without downtime.
-- An earlier version may have run again meanwhile and written only the older column. (Begun twice, it finds it gone.)
ALTER TABLE orders ADD COLUMN IF NOT EXISTS price_euro DECIMAL(10, 2);
UPDATE orders SET price_cents = price_euro * 100 WHERE price_cents IS NULL;
ALTER TABLE orders ALTER COLUMN price_cents SET NOT NULL;
ALTER TABLE orders DROP COLUMN price_euro;
