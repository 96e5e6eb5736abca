# Outputs to try, in English.
output = Output
output-text = Text for a display
output-show = Show
on = On
off = Off
