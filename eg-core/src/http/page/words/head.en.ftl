# Header of every page, in English.
