# Completes eg-core in bash, by what the installed program itself tells.
eval "$(eg-core completions bash)"
