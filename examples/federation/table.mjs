// The answer of servers.graphql, for people.

/**
 * @param {object} data
 * @returns {string} one line for each server and server array, and what the servers cost together
 */
export function tableOf({ servers, serverArrays }) {
  const rows = [
    ['name', 'cloud', 'boots from', 'instance type', 'USD per hour'],
    ...servers.edges.map(({ node }) => rowOf(node, node.name)),
    ...serverArrays.edges.map(({ node }) => rowOf(node, `${node.name} (each)`)),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join('  '));
  return [...lines.map((line) => line.trimEnd()), '', sumOf(servers, serverArrays)].join('\n');
}

const canLaunch = ({ next }) => next.resolution.status === 'READY';

function rowOf(definition, name) {
  const { cloud, resolution } = definition.next;
  const image = resolution.image?.value?.name ?? resolution.image?.resourceUid ?? 'nothing';
  return [
    name,
    cloud.displayName,
    canLaunch(definition) ? image : `${image} (blocked)`,
    resolution.instanceType?.value.name ?? 'none',
    definition.hourlyPrice?.usd.toFixed(4) ?? 'not listed',
  ];
}

/** Months of 730 hours, as providers reckon. */
const HOURS_PER_MONTH = 730;

function sumOf(servers, serverArrays) {
  const launchable = servers.edges.map(({ node }) => node).filter(canLaunch);
  const hourly = launchable.reduce((sum, { hourlyPrice }) => sum + (hourlyPrice?.usd ?? 0), 0);
  const most = serverArrays.edges
    .map(({ node }) => node)
    .filter(canLaunch)
    .reduce((sum, { maxCount, hourlyPrice }) => sum + maxCount * (hourlyPrice?.usd ?? 0), 0);
  return [
    `The ${launchable.length} servers that can be launched cost ${hourly.toFixed(4)} USD per hour together,`,
    `about ${(hourly * HOURS_PER_MONTH).toFixed(2)} a month; full arrays cost up to ${most.toFixed(4)} USD per hour more.`,
  ].join(' ');
}
