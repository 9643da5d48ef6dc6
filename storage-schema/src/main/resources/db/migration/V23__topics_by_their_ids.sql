-- Which topic of that name a position is in: one that was deleted and made anew begins again at 0. Null until the writer has looked.
ALTER TABLE consumer_offset ADD COLUMN topic_id uuid;
