/** The tags that a launch freezes: the server's, then the MCI's, each once ignoring case. */
export function launchTags(serverTags: readonly string[], multiCloudImageTags: readonly string[]): string[] {
  const tags = new Map<string, string>();
  for (const tag of [...serverTags, ...multiCloudImageTags]) {
    const key = tag.toLowerCase();
    if (!tags.has(key)) tags.set(key, tag);
  }
  return [...tags.values()];
}
