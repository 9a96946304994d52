"""The product: what may be asked, who may do it, what is due, what a card says."""
