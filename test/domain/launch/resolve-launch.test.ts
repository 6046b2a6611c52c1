import type {
  ChoiceLayer,
  ImageFacts,
  LaunchChoices,
  LaunchInputs,
} from '../../../src/domain/launch/configuration';
import type { LaunchResolution } from '../../../src/domain/launch/resolution';
import { resolveLaunch } from '../../../src/domain/launch/resolve-launch';
import { cloud, imageFacts, multiCloudImageFacts, settingFacts, templateFacts, typeFacts } from './facts';

const first = multiCloudImageFacts('first');
const second = multiCloudImageFacts('second', { revision: 4 });
const foreign = multiCloudImageFacts('foreign');
const bare = multiCloudImageFacts('bare', { setting: null });
const full = multiCloudImageFacts('full', {
  setting: settingFacts('setting-full', {
    kernelImage: imageFacts('kernel', { imageType: 'KERNEL' }),
    ramdiskImage: imageFacts('ramdisk', { imageType: 'RAMDISK' }),
    userData: 'of the MCI',
  }),
});
const own = imageFacts('own');

const request = (choices: LaunchChoices): ChoiceLayer => ({ source: 'REQUEST', choices });
const server = (choices: LaunchChoices): ChoiceLayer => ({ source: 'SERVER', choices });
const array = (choices: LaunchChoices): ChoiceLayer => ({ source: 'SERVER_ARRAY', choices });

/** The default MCI's image looks like this, and nobody chooses anything. */
function inheriting(looks: Partial<ImageFacts>): Partial<LaunchInputs> {
  const setting = settingFacts('setting-first', { image: imageFacts('base', looks) });
  return { serverTemplate: templateFacts([{ ...first, setting }]) };
}

interface Case {
  readonly title: string;
  /** Otherwise: a template with the MCIs "first" (its default) and "second", and no choices. */
  readonly given: Partial<LaunchInputs>;
  readonly status: 'READY' | 'BLOCKED';
  /** Every advisory: severity, code, subject, message. */
  readonly advisories: readonly string[];
  /** Every step of the fields that the case is about: field, source, outcome, candidate, reason. */
  readonly steps?: readonly string[];
}

const cases: readonly Case[] = [
  {
    title: 'R-7.1 the default MCI decides when nobody chooses',
    given: {},
    status: 'READY',
    advisories: [],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE CHOSEN MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
    ],
  },
  {
    title: 'R-7.1 the choice of the server beats the default',
    given: { layers: [server({ multiCloudImage: second })] },
    status: 'READY',
    advisories: [],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER CHOSEN MultiCloudImage:mci-second | The server chooses the MultiCloud Image "second" [rev 4].',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default, but the server decides.',
    ],
  },
  {
    title: 'R-7.1 the request beats the server, which beats the default',
    given: { layers: [request({ multiCloudImage: foreign }), server({ multiCloudImage: second })] },
    status: 'READY',
    advisories: [
      'WARNING MCI_NOT_IN_TEMPLATE MultiCloudImage:mci-foreign | The MultiCloud Image "foreign" [rev 1] is chosen, but the ServerTemplate "Web" [rev 3] does not name it: the two were never tested together. Choose one that the ServerTemplate names, or add this one to it.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE REQUEST CHOSEN MultiCloudImage:mci-foreign | The request chooses the MultiCloud Image "foreign" [rev 1].',
      'MULTI_CLOUD_IMAGE SERVER PASSED_OVER MultiCloudImage:mci-second | The server chooses the MultiCloud Image "second" [rev 4], but the request decides.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default, but the request decides.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
    ],
  },
  {
    title: 'R-7.1 the default chosen once more is still a choice',
    given: { layers: [array({ multiCloudImage: first })] },
    status: 'READY',
    advisories: [],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_ARRAY CHOSEN MultiCloudImage:mci-first | The server array chooses the MultiCloud Image "first" [rev 1].',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default, but the server array decides.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
    ],
  },
  {
    title: 'R-7.1 another revision of an MCI that the template names was never tested with it',
    given: { layers: [server({ multiCloudImage: { ...first, id: 'mci-first-2', revision: 2 } })] },
    status: 'READY',
    advisories: [
      'WARNING MCI_NOT_IN_TEMPLATE MultiCloudImage:mci-first-2 | The MultiCloud Image "first" [rev 2] is chosen, but the ServerTemplate "Web" [rev 3] names another revision of it, the MultiCloud Image "first" [rev 1]: the two were never tested together. Choose that revision, or re-pin the ServerTemplate.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER CHOSEN MultiCloudImage:mci-first-2 | The server chooses the MultiCloud Image "first" [rev 2].',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default, but the server decides.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
    ],
  },
  {
    title: 'R-7.1 without any MCI nothing else is said to be missing',
    given: { serverTemplate: templateFacts([]) },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING NO_DEFAULT_MCI ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image, and none is chosen. Add one to the ServerTemplate, or choose one for this launch.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE ABSENT - | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image.',
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | There is no MultiCloud Image to take the machine image from.',
    ],
  },
  {
    title: 'R-7.1 an MCI of a template without default must be chosen',
    given: { serverTemplate: templateFacts([first], { defaultMultiCloudImageId: null }) },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING NO_DEFAULT_MCI ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image, and none is chosen. Add one to the ServerTemplate, or choose one for this launch.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE ABSENT - | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "first" [rev 1], which is not its default.',
    ],
  },
  {
    title: 'R-7.1 a template without MCI launches with a chosen one',
    given: { serverTemplate: templateFacts([]), layers: [server({ multiCloudImage: foreign })] },
    status: 'READY',
    advisories: [
      'WARNING MCI_NOT_IN_TEMPLATE MultiCloudImage:mci-foreign | The MultiCloud Image "foreign" [rev 1] is chosen, but the ServerTemplate "Web" [rev 3] does not name it: the two were never tested together. Choose one that the ServerTemplate names, or add this one to it.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER CHOSEN MultiCloudImage:mci-foreign | The server chooses the MultiCloud Image "foreign" [rev 1].',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE ABSENT - | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image.',
    ],
  },
  {
    title: 'R-7.1 without any MCI a chosen image and type do not suffice',
    given: {
      serverTemplate: templateFacts([]),
      layers: [server({ image: own, instanceType: typeFacts('c7') })],
    },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING NO_DEFAULT_MCI ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image, and none is chosen. Add one to the ServerTemplate, or choose one for this launch.',
      'INFO IMAGE_OVERRIDDEN CloudImage:own | The machine image "name of own" (ami-own) is chosen for this launch, so it does not follow the MultiCloud Image. Set the image back to inherit to follow it again.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER ABSENT - | The server does not choose the MultiCloud Image.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE ABSENT - | The ServerTemplate "Web" [rev 3] has no default MultiCloud Image.',
      'IMAGE SERVER CHOSEN CloudImage:own | The server chooses the machine image "name of own" (ami-own).',
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | There is no MultiCloud Image to take the machine image from.',
      'INSTANCE_TYPE SERVER CHOSEN InstanceType:c7 | The server chooses the instance type "c7.large".',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE ABSENT - | There is no MultiCloud Image to take the instance type from.',
    ],
  },
  {
    title: 'R-7.2 the five values come from the setting of the MCI',
    given: { serverTemplate: templateFacts([full]) },
    status: 'READY',
    advisories: [],
    steps: [
      'IMAGE MULTI_CLOUD_IMAGE CHOSEN CloudImage:base | The MultiCloud Image "full" [rev 1] sets the machine image "name of base" (ami-base) for cloud "us-east-1".',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE CHOSEN InstanceType:m7 | The MultiCloud Image "full" [rev 1] sets the instance type "m7.large" for cloud "us-east-1".',
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE CHOSEN CloudImage:kernel | The MultiCloud Image "full" [rev 1] sets the kernel image "name of kernel" (ami-kernel) for cloud "us-east-1".',
      'RAMDISK_IMAGE MULTI_CLOUD_IMAGE CHOSEN CloudImage:ramdisk | The MultiCloud Image "full" [rev 1] sets the ramdisk image "name of ramdisk" (ami-ramdisk) for cloud "us-east-1".',
      'USER_DATA MULTI_CLOUD_IMAGE CHOSEN - | The MultiCloud Image "full" [rev 1] sets user data for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.2 a setting without kernel, ramdisk and user data leaves them out',
    given: {},
    status: 'READY',
    advisories: [],
    steps: [
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "first" [rev 1] does not set the kernel image for cloud "us-east-1".',
      'RAMDISK_IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "first" [rev 1] does not set the ramdisk image for cloud "us-east-1".',
      'USER_DATA MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "first" [rev 1] does not set the user data for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.2 an explicit none beats the setting',
    given: {
      serverTemplate: templateFacts([full]),
      layers: [server({ kernelImage: null, ramdiskImage: null, userData: null })],
    },
    status: 'READY',
    advisories: [],
    steps: [
      'KERNEL_IMAGE SERVER CHOSEN - | The server explicitly sets the kernel image to none.',
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE PASSED_OVER CloudImage:kernel | The MultiCloud Image "full" [rev 1] sets the kernel image "name of kernel" (ami-kernel) for cloud "us-east-1", but the server decides.',
      'RAMDISK_IMAGE SERVER CHOSEN - | The server explicitly sets the ramdisk image to none.',
      'RAMDISK_IMAGE MULTI_CLOUD_IMAGE PASSED_OVER CloudImage:ramdisk | The MultiCloud Image "full" [rev 1] sets the ramdisk image "name of ramdisk" (ami-ramdisk) for cloud "us-east-1", but the server decides.',
      'USER_DATA SERVER CHOSEN - | The server explicitly sets the user data to none.',
      'USER_DATA MULTI_CLOUD_IMAGE PASSED_OVER - | The MultiCloud Image "full" [rev 1] sets user data for cloud "us-east-1", but the server decides.',
    ],
  },
  {
    title: 'R-7.2 an explicit none of the server is passed over for the request',
    given: { layers: [request({ userData: 'hello' }), server({ userData: null })] },
    status: 'READY',
    advisories: [],
    steps: [
      'USER_DATA REQUEST CHOSEN - | The request chooses user data.',
      'USER_DATA SERVER PASSED_OVER - | The server explicitly sets the user data to none, but the request decides.',
      'USER_DATA MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "first" [rev 1] does not set the user data for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.2 each value is chosen on its own, on its own level',
    given: {
      serverTemplate: templateFacts([full]),
      layers: [
        request({ instanceType: typeFacts('c7') }),
        array({ userData: 'mine', instanceType: typeFacts('r7') }),
      ],
    },
    status: 'READY',
    advisories: [],
    steps: [
      'IMAGE REQUEST ABSENT - | The request does not choose the machine image.',
      'IMAGE SERVER_ARRAY ABSENT - | The server array does not choose the machine image.',
      'IMAGE MULTI_CLOUD_IMAGE CHOSEN CloudImage:base | The MultiCloud Image "full" [rev 1] sets the machine image "name of base" (ami-base) for cloud "us-east-1".',
      'INSTANCE_TYPE REQUEST CHOSEN InstanceType:c7 | The request chooses the instance type "c7.large".',
      'INSTANCE_TYPE SERVER_ARRAY PASSED_OVER InstanceType:r7 | The server array chooses the instance type "r7.large", but the request decides.',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE PASSED_OVER InstanceType:m7 | The MultiCloud Image "full" [rev 1] sets the instance type "m7.large" for cloud "us-east-1", but the request decides.',
      'USER_DATA REQUEST ABSENT - | The request does not choose the user data.',
      'USER_DATA SERVER_ARRAY CHOSEN - | The server array chooses user data.',
      'USER_DATA MULTI_CLOUD_IMAGE PASSED_OVER - | The MultiCloud Image "full" [rev 1] sets user data for cloud "us-east-1", but the server array decides.',
    ],
  },
  {
    title: 'R-7.2 a chosen image keeps the kernel and ramdisk of the MCI, which is advised against',
    given: { serverTemplate: templateFacts([full]), layers: [server({ image: own })] },
    status: 'READY',
    advisories: [
      'WARNING KERNEL_WITHOUT_IMAGE CloudImage:kernel | The kernel image "name of kernel" (ami-kernel) is inherited from the MultiCloud Image for cloud "us-east-1", but the machine image "name of own" (ami-own) is not. Choose the kernel image that belongs to it, or none.',
      'WARNING KERNEL_WITHOUT_IMAGE CloudImage:ramdisk | The ramdisk image "name of ramdisk" (ami-ramdisk) is inherited from the MultiCloud Image for cloud "us-east-1", but the machine image "name of own" (ami-own) is not. Choose the ramdisk image that belongs to it, or none.',
      'INFO IMAGE_OVERRIDDEN CloudImage:own | The machine image "name of own" (ami-own) is chosen for this launch, so it does not follow the MultiCloud Image. Set the image back to inherit to follow it again.',
    ],
    steps: [
      'IMAGE SERVER CHOSEN CloudImage:own | The server chooses the machine image "name of own" (ami-own).',
      'IMAGE MULTI_CLOUD_IMAGE PASSED_OVER CloudImage:base | The MultiCloud Image "full" [rev 1] sets the machine image "name of base" (ami-base) for cloud "us-east-1", but the server decides.',
      'KERNEL_IMAGE SERVER ABSENT - | The server does not choose the kernel image.',
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE CHOSEN CloudImage:kernel | The MultiCloud Image "full" [rev 1] sets the kernel image "name of kernel" (ami-kernel) for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.2 a chosen image with its own kernel and no ramdisk is only noted',
    given: {
      serverTemplate: templateFacts([full]),
      layers: [
        server({
          image: own,
          kernelImage: imageFacts('own-kernel', { imageType: 'KERNEL' }),
          ramdiskImage: null,
        }),
      ],
    },
    status: 'READY',
    advisories: [
      'INFO IMAGE_OVERRIDDEN CloudImage:own | The machine image "name of own" (ami-own) is chosen for this launch, so it does not follow the MultiCloud Image. Set the image back to inherit to follow it again.',
    ],
    steps: [
      'KERNEL_IMAGE SERVER CHOSEN CloudImage:own-kernel | The server chooses the kernel image "name of own-kernel" (ami-own-kernel).',
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE PASSED_OVER CloudImage:kernel | The MultiCloud Image "full" [rev 1] sets the kernel image "name of kernel" (ami-kernel) for cloud "us-east-1", but the server decides.',
    ],
  },
  {
    title: 'R-7.3 an MCI without setting blocks, naming the alternatives',
    given: { serverTemplate: templateFacts([bare, second, first]) },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING CLOUD_NOT_SUPPORTED MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no image is chosen. Choose the MultiCloud Image "second" [rev 4] or the MultiCloud Image "first" [rev 1], which the ServerTemplate names for this cloud, or add the setting.',
      'BLOCKING INSTANCE_TYPE_MISSING MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no instance type is chosen. Choose an instance type, or add the setting.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE CHOSEN MultiCloudImage:mci-bare | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "bare" [rev 1] as its default.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "first" [rev 1], which is not its default.',
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.3 an MCI without setting and no alternative blocks',
    given: { serverTemplate: templateFacts([bare]) },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING CLOUD_NOT_SUPPORTED MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no image is chosen. Choose a MultiCloud Image that supports this cloud, or add the setting.',
      'BLOCKING INSTANCE_TYPE_MISSING MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no instance type is chosen. Choose an instance type, or add the setting.',
    ],
    steps: [
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.3 a chosen image without a type blocks',
    given: { serverTemplate: templateFacts([bare]), layers: [server({ image: own })] },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING INSTANCE_TYPE_MISSING MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no instance type is chosen. Choose an instance type, or add the setting.',
      'INFO IMAGE_OVERRIDDEN CloudImage:own | The machine image "name of own" (ami-own) is chosen for this launch, so it does not follow the MultiCloud Image. Set the image back to inherit to follow it again.',
    ],
    steps: [
      'INSTANCE_TYPE SERVER ABSENT - | The server does not choose the instance type.',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.3 a chosen type without an image blocks',
    given: { serverTemplate: templateFacts([bare]), layers: [server({ instanceType: typeFacts('c7') })] },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING CLOUD_NOT_SUPPORTED MultiCloudImage:mci-bare | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no image is chosen. Choose a MultiCloud Image that supports this cloud, or add the setting.',
    ],
    steps: [
      'IMAGE SERVER ABSENT - | The server does not choose the machine image.',
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.3 an image and a type from anywhere launch',
    given: {
      serverTemplate: templateFacts([bare]),
      layers: [server({ image: own, instanceType: typeFacts('c7') })],
    },
    status: 'READY',
    advisories: [
      'INFO IMAGE_OVERRIDDEN CloudImage:own | The machine image "name of own" (ami-own) is chosen for this launch, so it does not follow the MultiCloud Image. Set the image back to inherit to follow it again.',
    ],
    steps: [
      'IMAGE SERVER CHOSEN CloudImage:own | The server chooses the machine image "name of own" (ami-own).',
      'IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
      'INSTANCE_TYPE SERVER CHOSEN InstanceType:c7 | The server chooses the instance type "c7.large".',
      'INSTANCE_TYPE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-7.4 an MCI of the template without setting is no alternative',
    given: { serverTemplate: templateFacts([first, bare, second]) },
    status: 'READY',
    advisories: [],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE CHOSEN MultiCloudImage:mci-first | The ServerTemplate "Web" [rev 3] has the MultiCloud Image "first" [rev 1] as its default.',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE REJECTED MultiCloudImage:mci-bare | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "bare" [rev 1], which has no setting for cloud "us-east-1".',
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE PASSED_OVER MultiCloudImage:mci-second | The ServerTemplate "Web" [rev 3] also names the MultiCloud Image "second" [rev 4], which is not its default.',
    ],
  },
  {
    title: 'R-3.2 an image that is still being made blocks',
    given: inheriting({ availability: 'UNAVAILABLE', lifecycle: 'PENDING' }),
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_UNAVAILABLE CloudImage:base | The machine image "name of base" (ami-base) is not available in cloud "us-east-1": it is still being made. Wait until it is complete, or choose another image.',
    ],
  },
  {
    title: 'R-3.2 an image that failed blocks',
    given: inheriting({ availability: 'UNAVAILABLE', lifecycle: 'FAILED' }),
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_UNAVAILABLE CloudImage:base | The machine image "name of base" (ami-base) is not available in cloud "us-east-1": making it failed. Choose another image.',
    ],
  },
  {
    title: 'R-3.2 an obsolete image blocks, naming its replacement',
    given: inheriting({
      availability: 'UNAVAILABLE',
      lifecycle: 'OBSOLETE',
      replacement: { id: 'new', resourceUid: 'ami-new', name: 'newer' },
    }),
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_UNAVAILABLE CloudImage:base | The machine image "name of base" (ami-base) is not available in cloud "us-east-1": it is obsolete. Choose its replacement "newer" (ami-new), or another image.',
    ],
  },
  {
    title: 'R-3.2 an image that is gone blocks',
    given: inheriting({ availability: 'INVALID', lifecycle: 'DELETED' }),
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_INVALID CloudImage:base | The machine image "name of base" (ami-base) no longer exists in cloud "us-east-1". Choose another image.',
    ],
  },
  {
    title: 'R-3.2 an invisible image blocks, and only its uid is told',
    given: inheriting({
      visible: false,
      availability: 'UNAVAILABLE',
      private: true,
      cpuArchitecture: 'arm64',
    }),
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_UNAVAILABLE - | The machine image ami-base of cloud "us-east-1" is not visible to this account. Ask its owner to share it, or choose another image.',
    ],
    steps: [
      'IMAGE MULTI_CLOUD_IMAGE CHOSEN - | The MultiCloud Image "first" [rev 1] sets the machine image ami-base for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-3.2 an invisible kernel blocks too',
    given: {
      layers: [
        server({
          kernelImage: imageFacts('k', { imageType: 'KERNEL', visible: false, availability: 'UNAVAILABLE' }),
          ramdiskImage: imageFacts('r', {
            imageType: 'RAMDISK',
            availability: 'INVALID',
            lifecycle: 'DELETED',
          }),
        }),
      ],
    },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING IMAGE_UNAVAILABLE - | The kernel image ami-k of cloud "us-east-1" is not visible to this account. Ask its owner to share it, or choose another image.',
      'BLOCKING IMAGE_INVALID CloudImage:r | The ramdisk image "name of r" (ami-r) no longer exists in cloud "us-east-1". Choose another image.',
    ],
    steps: [
      'KERNEL_IMAGE SERVER CHOSEN - | The server chooses the kernel image ami-k.',
      'KERNEL_IMAGE MULTI_CLOUD_IMAGE ABSENT - | The MultiCloud Image "first" [rev 1] does not set the kernel image for cloud "us-east-1".',
    ],
  },
  {
    title: 'R-3.4 a deprecated image launches, naming its replacement',
    given: inheriting({
      lifecycle: 'DEPRECATED',
      replacement: { id: 'new', resourceUid: 'ami-new', name: 'newer' },
    }),
    status: 'READY',
    advisories: [
      'WARNING IMAGE_DEPRECATED CloudImage:base | The machine image "name of base" (ami-base) of cloud "us-east-1" is deprecated. Move to its replacement "newer" (ami-new).',
    ],
  },
  {
    title: 'R-3.4 a deprecated image without replacement launches',
    given: inheriting({ lifecycle: 'DEPRECATED' }),
    status: 'READY',
    advisories: [
      'WARNING IMAGE_DEPRECATED CloudImage:base | The machine image "name of base" (ami-base) of cloud "us-east-1" is deprecated. Choose a newer image before this one is withdrawn.',
    ],
  },
  {
    title: 'R-3.4 a type that is no longer offered is advised against',
    given: { layers: [server({ instanceType: typeFacts('m1', { offered: false }) })] },
    status: 'READY',
    advisories: [
      'WARNING INSTANCE_TYPE_UNAVAILABLE InstanceType:m1 | The instance type "m1.large" is no longer offered by cloud "us-east-1". Choose another instance type.',
    ],
  },
  {
    title: 'R-7.4 a wrong architecture blocks, of the image as of the kernel',
    given: {
      layers: [
        server({
          kernelImage: imageFacts('k', { imageType: 'KERNEL', cpuArchitecture: 'i386' }),
          instanceType: typeFacts('g', { cpuArchitectures: ['arm64', 'armhf'] }),
        }),
      ],
    },
    status: 'BLOCKED',
    advisories: [
      'BLOCKING ARCHITECTURE_MISMATCH CloudImage:base | The machine image "name of base" (ami-base) of cloud "us-east-1" is built for x86_64, but the instance type "g.large" runs arm64 and armhf only. Choose an image and an instance type of the same architecture.',
      'BLOCKING ARCHITECTURE_MISMATCH CloudImage:k | The kernel image "name of k" (ami-k) of cloud "us-east-1" is built for i386, but the instance type "g.large" runs arm64 and armhf only. Choose an image and an instance type of the same architecture.',
    ],
  },
  {
    title: 'Section 11: an unknown architecture of the image is noted',
    given: inheriting({ cpuArchitecture: null }),
    status: 'READY',
    advisories: [
      `INFO ARCHITECTURE_UNKNOWN CloudImage:base | The CPU architecture of the machine image "name of base" (ami-base) of cloud "us-east-1" is unknown, so it can't be checked whether the instance type "m7.large" runs it. Record the architecture of the image.`,
    ],
  },
  {
    title: 'Section 11: unknown architectures of the type are noted',
    given: { layers: [server({ instanceType: typeFacts('odd', { cpuArchitectures: [] }) })] },
    status: 'READY',
    advisories: [
      `INFO ARCHITECTURE_UNKNOWN InstanceType:odd | The CPU architectures of the instance type "odd.large" are unknown, so it can't be checked whether it runs the chosen image. Import the instance types of the cloud with their architectures.`,
    ],
  },
  {
    title: 'Section 11: a private image is noted',
    given: inheriting({ private: true }),
    status: 'READY',
    advisories: [
      'INFO IMAGE_PRIVATE CloudImage:base | The machine image "name of base" (ami-base) of cloud "us-east-1" is private. Share it with each account that is to launch from it.',
    ],
  },
  {
    title: 'R-10.2 scripts and an agent-enabled image call for the agent tag',
    given: {
      serverTemplate: templateFacts(
        [{ ...first, setting: settingFacts('s', { image: imageFacts('a', { agentEnabled: true }) }) }],
        { hasScripts: true },
      ),
    },
    status: 'READY',
    advisories: [
      'WARNING AGENT_TAG_MISSING MultiCloudImage:mci-first | The MultiCloud Image "first" [rev 1] lacks the tag provides:rs_agent_type=right_link, although the ServerTemplate "Web" [rev 3] has scripts and the machine image "name of a" (ami-a) of cloud "us-east-1" is agent-enabled. Add the tag, so that its servers are managed by the agent.',
    ],
  },
  {
    title: 'R-10.2 the agent tag calls for an agent-enabled image',
    given: {
      serverTemplate: templateFacts([{ ...first, tags: ['provides:rs_agent_type=right_link'] }], {
        hasScripts: true,
      }),
    },
    status: 'READY',
    advisories: [
      'WARNING AGENT_NOT_IN_IMAGE CloudImage:base | The MultiCloud Image "first" [rev 1] carries the tag provides:rs_agent_type=right_link, but the machine image "name of base" (ami-base) of cloud "us-east-1" is not agent-enabled. Choose an agent-enabled image, or remove the tag.',
    ],
  },
  {
    title: 'R-6.3 a HEAD template and a HEAD MCI can change under the launch',
    given: { serverTemplate: templateFacts([{ ...first, revision: 0 }], { revision: 0 }) },
    status: 'READY',
    advisories: [
      'WARNING HEAD_DEPENDENCY ServerTemplate:template-1 | The ServerTemplate "Web" [HEAD] is not committed, so it can change at any time. Commit it and use that revision.',
      'WARNING HEAD_DEPENDENCY MultiCloudImage:mci-first | The MultiCloud Image "first" [HEAD] is not committed, so it can change at any time. Commit it and use that revision.',
    ],
    steps: [
      'MULTI_CLOUD_IMAGE SERVER_TEMPLATE CHOSEN MultiCloudImage:mci-first | The ServerTemplate "Web" [HEAD] has the MultiCloud Image "first" [HEAD] as its default.',
    ],
  },
  {
    title: 'R-5.5 a deleted template and a deleted MCI still launch',
    given: { serverTemplate: templateFacts([{ ...first, deleted: true }], { deleted: true }) },
    status: 'READY',
    advisories: [
      'WARNING COMPONENT_DELETED ServerTemplate:template-1 | The ServerTemplate "Web" [rev 3] was deleted. Clone it to bring it back, or choose another one.',
      'WARNING COMPONENT_DELETED MultiCloudImage:mci-first | The MultiCloud Image "first" [rev 1] was deleted. Clone it to bring it back, or choose another one.',
    ],
  },
];

const reference = (subject: { type: string; id: string } | null) =>
  subject ? `${subject.type}:${subject.id}` : '-';

const advisoryLines = ({ advisories }: LaunchResolution) =>
  advisories.map(
    ({ severity, code, subject, message }) => `${severity} ${code} ${reference(subject)} | ${message}`,
  );

const stepLines = ({ steps }: LaunchResolution) =>
  steps.map(
    ({ field, source, outcome, candidate, reason }) =>
      `${field} ${source} ${outcome} ${reference(candidate)} | ${reason}`,
  );

const fieldOf = (line: string) => line.split(' ')[0];

test.each(cases)('$title', ({ given, status, advisories, steps = [] }) => {
  const inputs: LaunchInputs = {
    cloud,
    serverTemplate: templateFacts([first, second]),
    layers: [],
    ...given,
  };
  const resolution = resolveLaunch(inputs);
  const fields = new Set(steps.map(fieldOf));
  expect(resolution.status).toBe(status);
  expect(advisoryLines(resolution)).toEqual(advisories);
  expect(stepLines(resolution).filter((line) => fields.has(fieldOf(line)))).toEqual(steps);
});

const resolve = (given: Partial<LaunchInputs>) =>
  resolveLaunch({ cloud, serverTemplate: templateFacts([first, second]), layers: [], ...given });

test('R-7.4 every value carries its source', () => {
  const instanceType = typeFacts('c7');
  const resolution = resolve({
    serverTemplate: templateFacts([full]),
    layers: [request({ instanceType }), array({ userData: 'mine', ramdiskImage: null })],
  });
  const { setting } = full;
  expect(resolution).toMatchObject({
    status: 'READY',
    multiCloudImage: { value: full, source: 'SERVER_TEMPLATE' },
    setting,
    image: { value: setting?.image, resourceUid: 'ami-base', source: 'MULTI_CLOUD_IMAGE' },
    instanceType: { value: instanceType, source: 'REQUEST' },
    kernelImage: { value: setting?.kernelImage, resourceUid: 'ami-kernel', source: 'MULTI_CLOUD_IMAGE' },
    ramdiskImage: null,
    userData: { value: 'mine', source: 'SERVER_ARRAY' },
  });
});

test('R-3.2 an image that the viewer may not see is its uid alone', () => {
  const hidden = imageFacts('hidden', { visible: false, availability: 'UNAVAILABLE' });
  expect(resolve({ layers: [server({ image: hidden })] }).image).toEqual({
    value: null,
    resourceUid: 'ami-hidden',
    source: 'SERVER',
  });
});

test('R-3.2 an image that the viewer may not see is never launched, whatever its availability says', () => {
  const hidden = imageFacts('hidden', { visible: false });
  const { status, advisories } = resolve({ layers: [server({ image: hidden })] });
  expect(status).toBe('BLOCKED');
  expect(advisories.map(({ code, subject }) => [code, subject])).toEqual([
    ['IMAGE_UNAVAILABLE', null],
    ['IMAGE_OVERRIDDEN', null],
  ]);
});

test("R-7.3 the alternatives are the template's other MCIs with a setting, in its order", () => {
  const serverTemplate = templateFacts([first, bare, full, second]);
  expect(resolve({ serverTemplate }).alternatives).toEqual([full, second]);
  expect(resolve({ serverTemplate, layers: [server({ multiCloudImage: full })] }).alternatives).toEqual([
    first,
    second,
  ]);
  expect(resolve({ serverTemplate, layers: [server({ multiCloudImage: foreign })] }).alternatives).toEqual([
    first,
    full,
    second,
  ]);
});

test('R-7.3 the message names five alternatives and counts the others', () => {
  const many = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => multiCloudImageFacts(name));
  const { alternatives, advisories } = resolve({ serverTemplate: templateFacts([bare, ...many]) });
  expect(alternatives).toEqual(many);
  expect(advisories[0]?.message).toBe(
    'The MultiCloud Image "bare" [rev 1] has no setting for cloud "us-east-1", and no image is chosen. ' +
      'Choose the MultiCloud Image "a" [rev 1], the MultiCloud Image "b" [rev 1], the MultiCloud Image "c" [rev 1], ' +
      'the MultiCloud Image "d" [rev 1], the MultiCloud Image "e" [rev 1] or one of 2 more, ' +
      'which the ServerTemplate names for this cloud, or add the setting.',
  );
});

test("R-8.2 the tags are the server's, then the MCI's, each once ignoring case", () => {
  const tagged = multiCloudImageFacts('tagged', { tags: ['env:Role=DB', 'linux', 'blue'] });
  const serverTemplate = templateFacts([tagged], { tags: ['of the template'] });
  expect(resolve({ serverTemplate, tags: ['env:role=db', 'Blue', 'own', 'OWN'] }).tags).toEqual([
    'env:role=db',
    'Blue',
    'own',
    'linux',
  ]);
  expect(resolve({ serverTemplate }).tags).toEqual(['env:Role=DB', 'linux', 'blue']);
  expect(resolve({ serverTemplate: templateFacts([]), tags: ['own'] }).tags).toEqual(['own']);
});

test('Section 11: the gravest advisories come first, then in the order of the codes', () => {
  const { advisories } = resolve({
    serverTemplate: templateFacts([{ ...full, revision: 0, deleted: true }], {
      revision: 0,
      hasScripts: true,
    }),
    layers: [
      server({
        image: imageFacts('own', { cpuArchitecture: 'arm64', private: true, lifecycle: 'DEPRECATED' }),
        instanceType: typeFacts('old', { offered: false }),
        ramdiskImage: imageFacts('gone', {
          imageType: 'RAMDISK',
          availability: 'INVALID',
          lifecycle: 'DELETED',
        }),
      }),
    ],
  });
  expect(advisories.map(({ severity, code }) => `${severity} ${code}`)).toEqual([
    'BLOCKING IMAGE_INVALID',
    'BLOCKING ARCHITECTURE_MISMATCH',
    'WARNING HEAD_DEPENDENCY',
    'WARNING HEAD_DEPENDENCY',
    'WARNING IMAGE_DEPRECATED',
    'WARNING INSTANCE_TYPE_UNAVAILABLE',
    'WARNING AGENT_TAG_MISSING',
    'WARNING KERNEL_WITHOUT_IMAGE',
    'WARNING COMPONENT_DELETED',
    'INFO IMAGE_OVERRIDDEN',
    'INFO IMAGE_PRIVATE',
  ]);
});
