// @ts-expect-error TS1479: the package's types are those of its ES module, though `require` finds a CommonJS build.
export { diff3MergeRegions, diffIndices } from 'node-diff3';
