/** The demo's accounts have fixed keys, so that a later start recognizes them. */
export const DEMO_ACCOUNT = { key: 'de300000-0000-4000-8000-000000000001', name: 'Demo' };
export const OTHER_ACCOUNT = { key: 'de300000-0000-4000-8000-000000000002', name: 'Other team' };
export const OPERATOR_ACCOUNT = { key: 'de300000-0000-4000-8000-000000000003', name: 'Operator' };

export const DEMO_USER = {
  key: 'de300000-0000-4000-8000-000000000011',
  email: 'demo@example.com',
  name: 'Demo User',
};
