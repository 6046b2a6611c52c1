export type ImageType = 'MACHINE' | 'KERNEL' | 'RAMDISK';
export type ImageLifecycle = 'PENDING' | 'AVAILABLE' | 'FAILED' | 'DEPRECATED' | 'OBSOLETE' | 'DELETED';
export type ImageAvailability = 'AVAILABLE' | 'UNAVAILABLE' | 'INVALID';
