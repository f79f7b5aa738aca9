"""The verbs, a module each: parse arguments, print, nothing else. Floor 6."""
