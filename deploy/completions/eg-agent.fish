# Completes eg-agent in fish, by what the installed program itself tells.
eg-agent completions fish | source
