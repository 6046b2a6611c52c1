const FEDORA_CLOUD_BASE = /^Fedora-Cloud-Base-(\d+|Rawhide)(?:_Beta)?-/;
const FEDORA_COREOS = /^fedora-coreos-(\d+\.[\d.]+)-/;
const UBUNTU = /^ubuntu[a-z-]*\/images[a-z-]*\/.*\bubuntu-[a-z]+-(?:daily-)?(\d+\.\d+)-/;

/** `Fedora CoreOS 44` of the release `44.20260707.3.1`. */
export function fedoraCoreosName(release: string): string {
  return `Fedora CoreOS ${release.split('.', 1)[0]}`;
}

/** The operating system that a well-known image name stands for; `null`: the name is not one of those. */
export function operatingSystemOfImageName(imageName: string): string | null {
  const fedora = FEDORA_CLOUD_BASE.exec(imageName)?.[1];
  if (fedora !== undefined) {
    return `Fedora ${fedora}`;
  }
  const coreosRelease = FEDORA_COREOS.exec(imageName)?.[1];
  if (coreosRelease !== undefined) {
    return fedoraCoreosName(coreosRelease);
  }
  const ubuntu = UBUNTU.exec(imageName)?.[1];
  return ubuntu === undefined ? null : `Ubuntu ${ubuntu}`;
}
