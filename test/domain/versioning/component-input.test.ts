import { checkNewComponent, checkTagList, planUpdate } from '../../../src/domain/versioning/component-input';

const current = { name: 'name', description: 'text' };

describe('an update', () => {
  test.each([
    [{}, {}],
    [{ name: 'name', description: 'text' }, {}],
    [{ name: 'new' }, { name: 'new' }],
    [{ description: null }, { description: null }],
    [{ description: '' }, { description: '' }],
    [{ name: 'new', description: 'text' }, { name: 'new' }],
  ])('%j changes %j', (update, changed) => {
    expect(planUpdate(current, update)).toEqual(changed);
  });

  test.each([
    [{ name: null }, 'name'],
    [{ name: '' }, 'name'],
    [{ name: 'x'.repeat(256) }, 'name'],
    [{ description: 'a\0b' }, 'description'],
    [{ description: '\ud800' }, 'description'],
  ])('%j is refused', (update, field) => {
    expect(() => planUpdate(current, update)).toThrow(
      expect.objectContaining({ code: 'INVALID', details: { path: ['input', field] } }),
    );
  });
});

describe('a new component', () => {
  test('has no description and no tags unless they are given', () => {
    expect(checkNewComponent({ name: 'n' })).toEqual({ name: 'n', description: null, tags: [] });
  });

  test('R-10.1: keeps the first spelling of a tag', () => {
    expect(checkNewComponent({ name: 'n', tags: ['B', 'a', 'b'] }).tags).toEqual(['B', 'a']);
  });
});

test('R-10.1: tags must be storable', () => {
  expect(() => checkTagList(['fine', 'a\0b'], 'input', 'tags')).toThrow(
    expect.objectContaining({ code: 'INVALID', details: { path: ['input', 'tags'] } }),
  );
});
