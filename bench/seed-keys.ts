/** SQL: the key of a row follows from its kind and number, as `keyOf` makes it. For rows that are made of what is loaded. */
export const key = (kind: string, number: string): string => `md5('${kind} ' || ${number})::uuid`;

/** SQL: when everything was made. */
export const TIME = "timestamptz '2026-01-01 00:00:00Z'";
