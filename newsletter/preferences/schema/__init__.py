"""What a document may say: keys, values, what people write for them by mistake; also as JSON Schema."""
