"""config/ and the environment, validated into one frozen Settings. Floor 1."""
