import { ADVISORY_CODES, type Advisory, type AdvisoryCode, type Severity } from './advisory';

const severityRanks: Readonly<Record<Severity, number>> = { BLOCKING: 0, WARNING: 1, INFO: 2 };

const codeRanks: ReadonlyMap<AdvisoryCode, number> = new Map(
  ADVISORY_CODES.map((code, rank) => [code, rank]),
);

function codeRank(code: AdvisoryCode): number {
  return codeRanks.get(code) ?? ADVISORY_CODES.length;
}

/** The gravest first, then by code as section 11 lists them; of equals the given order stays. */
export function orderAdvisories(advisories: readonly Advisory[]): Advisory[] {
  return [...advisories].sort(
    (left, right) =>
      severityRanks[left.severity] - severityRanks[right.severity] ||
      codeRank(left.code) - codeRank(right.code),
  );
}
