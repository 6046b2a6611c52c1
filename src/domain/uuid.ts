const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a text is the key of a row: a UUID in its canonical form. */
export const isUuid = (text: string): boolean => UUID.test(text);
