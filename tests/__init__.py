"""The proof of the product; the folders mirror src/mainstay."""
