-- Only once no version that reads price_euro is needed any more: there is no way back over this without downtime.
ALTER TABLE orders ALTER COLUMN price_cents SET NOT NULL;
ALTER TABLE orders DROP COLUMN IF EXISTS price_euro;
