"""Access: API keys, the token of `surplan serve`, who comes in, and the audit chain over HTTP."""
