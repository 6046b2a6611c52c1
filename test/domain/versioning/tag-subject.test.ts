import { taggingRole, toTagSubject } from '../../../src/domain/versioning/tag-subject';

test.each([
  ['MultiCloudImage', 'DESIGNER'],
  ['ServerTemplate', 'DESIGNER'],
  ['CloudImage', 'ACTOR'],
  ['Account', 'ADMIN'],
] as const)('R-10.1: a %s carries tags; tagging it takes %s', (type, role) => {
  const subject = toTagSubject({ type, key: 'key' });
  expect(subject).toEqual({ type, key: 'key' });
  expect(taggingRole(subject)).toBe(role);
});

test.each(['Cloud', 'User', 'AuditEntry'] as const)('R-10.1: a %s carries no tags', (type) => {
  expect(() => toTagSubject({ type, key: 'key' })).toThrow(
    expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'id'] } }),
  );
});
