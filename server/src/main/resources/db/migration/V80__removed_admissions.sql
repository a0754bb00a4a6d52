-- What left a channel after a generation, which processes ask for each second while there is something new.
create index if not exists admission_removed on admission (channel_id, removed_generation)
    where removed_generation is not null;
