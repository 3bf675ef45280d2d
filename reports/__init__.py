"""Documents made from frames and from what people wrote: no screen."""
