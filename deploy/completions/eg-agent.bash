# Completes eg-agent in bash, by what the installed program itself tells.
eval "$(eg-agent completions bash)"
