-- max_uses: for how many orders a code is good; null: for any number.
ALTER TABLE discounts ADD COLUMN max_uses BIGINT CHECK (max_uses > 0);

-- The codes that a hold takes with it. A use counts while its hold is held or sold.
CREATE TABLE hold_codes (
    hold_key TEXT NOT NULL REFERENCES holds (hold_key),
    code     TEXT NOT NULL,
    PRIMARY KEY (hold_key, code)
);

CREATE INDEX hold_codes_by_code ON hold_codes (code);
