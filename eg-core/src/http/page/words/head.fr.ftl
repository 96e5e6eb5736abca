# Header of every page, in French.
