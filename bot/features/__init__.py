"""What the product does: one module for each thing, with its handlers, refusals and cards."""
