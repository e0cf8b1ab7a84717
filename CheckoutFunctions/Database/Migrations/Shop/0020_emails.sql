-- E-mails that were or are being sent: one of a kind about a subject. Without sent_at it is claimed by who sends it, until claimed_until.
CREATE TABLE emails (
    kind          TEXT NOT NULL,
    subject_id    TEXT NOT NULL,
    claim         TEXT NOT NULL,
    claimed_until BIGINT NOT NULL,
    sent_at       BIGINT,
    PRIMARY KEY (kind, subject_id)
);
