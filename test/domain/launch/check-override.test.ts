import type { ImageType } from '../../../src/domain/catalog/cloud-image';
import { checkOverride, type ImageField } from '../../../src/domain/launch/check-override';

const here = 'cloud-1';
const elsewhere = 'cloud-2';

test.each<[ImageField, ImageType, string | null]>([
  ['IMAGE', 'MACHINE', null],
  [
    'IMAGE',
    'KERNEL',
    'The field IMAGE takes a machine image, but the one chosen is a kernel image. Choose a machine image.',
  ],
  [
    'IMAGE',
    'RAMDISK',
    'The field IMAGE takes a machine image, but the one chosen is a ramdisk image. Choose a machine image.',
  ],
  [
    'KERNEL_IMAGE',
    'MACHINE',
    'The field KERNEL_IMAGE takes a kernel image, but the one chosen is a machine image. Choose a kernel image.',
  ],
  ['KERNEL_IMAGE', 'KERNEL', null],
  [
    'KERNEL_IMAGE',
    'RAMDISK',
    'The field KERNEL_IMAGE takes a kernel image, but the one chosen is a ramdisk image. Choose a kernel image.',
  ],
  [
    'RAMDISK_IMAGE',
    'MACHINE',
    'The field RAMDISK_IMAGE takes a ramdisk image, but the one chosen is a machine image. Choose a ramdisk image.',
  ],
  [
    'RAMDISK_IMAGE',
    'KERNEL',
    'The field RAMDISK_IMAGE takes a ramdisk image, but the one chosen is a kernel image. Choose a ramdisk image.',
  ],
  ['RAMDISK_IMAGE', 'RAMDISK', null],
])('R-4.1 R-7.4 the slot %s and an image of type %s', (field, imageType, refusal) => {
  expect(checkOverride({ field, image: { cloudId: here, imageType }, cloudId: here })).toBe(refusal);
});

test.each<[ImageField, ImageType, string]>([
  ['IMAGE', 'MACHINE', 'a machine image'],
  ['KERNEL_IMAGE', 'KERNEL', 'a kernel image'],
  ['RAMDISK_IMAGE', 'RAMDISK', 'a ramdisk image'],
])('R-4.1 R-7.4 an image for %s from another cloud is refused', (field, imageType, wanted) => {
  expect(checkOverride({ field, image: { cloudId: elsewhere, imageType }, cloudId: here })).toBe(
    `The image chosen for the field ${field} belongs to another cloud. ` +
      `Choose ${wanted} of the cloud that it is to be launched in.`,
  );
});

test('R-4.1 R-7.4 an instance type must be of the cloud', () => {
  expect(
    checkOverride({ field: 'INSTANCE_TYPE', instanceType: { cloudId: here }, cloudId: here }),
  ).toBeNull();
  expect(checkOverride({ field: 'INSTANCE_TYPE', instanceType: { cloudId: elsewhere }, cloudId: here })).toBe(
    'The instance type belongs to another cloud. Choose an instance type of the cloud that it is to be launched in.',
  );
});
