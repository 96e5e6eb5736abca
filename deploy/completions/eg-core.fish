# Completes eg-core in fish, by what the installed program itself tells.
eg-core completions fish | source
