/* The builder answers each choice at once; without this script its button does the same. */
