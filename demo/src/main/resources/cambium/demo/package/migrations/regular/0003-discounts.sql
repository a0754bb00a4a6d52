ALTER TABLE orders ADD COLUMN IF NOT EXISTS discount_percent INT;
UPDATE orders SET discount_percent = 0 WHERE channel = 'web' AND discount_percent IS NULL;
