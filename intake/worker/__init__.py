"""When it happens: the only room where the pure middle and the outside meet. Floor 4."""
