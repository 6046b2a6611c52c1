/** The demo's people and accounts. A start recognizes them by these names. */
export const DEMO_ACCOUNT = 'Demo';
export const OTHER_ACCOUNT = 'Other team';
export const PUBLISHER_ACCOUNT = 'Image Works';
export const OPERATOR_ACCOUNT = 'Operator';

export const DEMO_EMAIL = 'demo@example.com';
