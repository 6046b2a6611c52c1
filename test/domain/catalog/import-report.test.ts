import { MAXIMUM_REFUSED_SHOWN, RefusedRows } from '../../../src/domain/catalog/import-report';

describe('R-3.3: refused rows', () => {
  test('come in the order of the file, however they were found', () => {
    const refused = new RefusedRows();
    refused.add(7, 'line 8', 'b');
    refused.add(2, 'line 3', 'a');
    expect(refused.count).toBe(2);
    expect(refused.inOrder()).toEqual([
      { row: 'line 3', reason: 'a' },
      { row: 'line 8', reason: 'b' },
    ]);
  });

  test('beyond the maximum are only counted', () => {
    const refused = new RefusedRows();
    for (let position = 0; position <= MAXIMUM_REFUSED_SHOWN; position += 1)
      refused.add(position, 'row', 'reason');
    refused.addUnshown(5);
    expect(refused.count).toBe(MAXIMUM_REFUSED_SHOWN + 6);
    expect(refused.inOrder()).toHaveLength(MAXIMUM_REFUSED_SHOWN);
  });
});
