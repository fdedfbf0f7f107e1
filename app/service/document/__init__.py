"""The OpenAPI document as it is committed, and the client's types that are made from it."""
