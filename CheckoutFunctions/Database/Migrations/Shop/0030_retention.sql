-- What an order keeps of its checkout when that is forgotten: the hash of the secret that opens it, and who recorded its tax.
ALTER TABLE orders ADD COLUMN secret_hash TEXT;
ALTER TABLE orders ADD COLUMN tax_source TEXT;

CREATE INDEX orders_by_checkout ON orders (checkout_id);

CREATE INDEX orders_by_email ON orders (lower(email));

-- Customers whose data was erased, by the hash of their e-mail address: who asked, when, for which orders (JSON), and what was done (JSON; null: it was cut off).
CREATE TABLE erasures (
    erasure_id TEXT PRIMARY KEY,
    email_hash TEXT NOT NULL,
    asked_by   TEXT,
    asked_at   BIGINT NOT NULL,
    order_ids  TEXT NOT NULL,
    report     TEXT
);

CREATE INDEX erasures_by_email ON erasures (email_hash);

CREATE INDEX emails_by_age ON emails (sent_at);
