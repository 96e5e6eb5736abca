# Outputs to try, in English.
outputs = Outputs to try
outputs-none = No slot that is online has an output.
output = Output
output-text = Text for a display
output-show = Show
on = On
off = Off
