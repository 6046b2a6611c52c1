import { registerEnumType } from 'type-graphql';
import type {
  AdvisoryCode as AdvisoryCodeName,
  Severity as SeverityName,
} from '../domain/advisories/advisory';
import type { CatalogFormat as CatalogFormatName } from '../domain/catalog/catalog-row';
import type {
  ImageAvailability as ImageAvailabilityName,
  ImageLifecycle as ImageLifecycleName,
  ImageType as ImageTypeName,
} from '../domain/catalog/cloud-image';
import type { Role as RoleName } from '../domain/access/roles';
import type { RefusalCode } from '../domain/errors';
import type { ChangeKind as ChangeKindName, MergeSide as MergeSideName } from '../domain/merge/content';
import type { PublicationStatus as PublicationStatusName } from '../domain/marketplace/publication';
import type { TemplateUse as TemplateUseName } from '../domain/servers/bulk-update';
import type { InstanceState as InstanceStateName } from '../domain/servers/instance-state';
import type { DeliveryState, WebhookEvent as WebhookEventName } from '../domain/events/webhook';
import type {
  OrderKind as OrderKindName,
  OrderState as OrderStateName,
} from '../domain/servers/launch-order';
import type { ScriptPhase as ScriptPhaseName } from '../domain/versioning/component-content';
import type { HistoryEvent as HistoryEventName } from '../domain/versioning/history-event';
import type {
  ConfigurationSource as ConfigurationSourceName,
  LaunchField as LaunchFieldName,
} from '../domain/launch/configuration';

/** One GraphQL enum whose values are exactly the names of a domain union, each with its description. */
function graphqlEnum<N extends string>(
  name: string,
  description: string,
  values: Record<N, string>,
): { readonly [K in N]: K } {
  const names = Object.keys(values) as N[];
  const enumeration = Object.fromEntries(names.map((value) => [value, value])) as { readonly [K in N]: K };
  const valuesConfig = Object.fromEntries(
    names.map((value) => [value, { description: values[value] }]),
  ) as Record<N, { description: string }>;
  registerEnumType(enumeration, { name, description, valuesConfig });
  return enumeration;
}

export const Role = graphqlEnum<RoleName>(
  'Role',
  'What a user or machine may do in an account (R-2.1). Every role requires OBSERVER.',
  {
    OBSERVER: 'Reads what the account has, diffs and the audit log.',
    ACTOR: 'Runs deployments, servers, arrays and instances, bundles them, and shares private images.',
    DESIGNER: 'Creates and edits components: ServerTemplates, MultiCloud Images, RightScripts.',
    LIBRARY: 'Browses the marketplace, imports and subscribes.',
    PUBLISHER: 'Publishes to the marketplace.',
    ADMIN: 'Manages users, roles, tokens and private clouds.',
    INFRASTRUCTURE: 'A machine: feeds the image catalog, carries out launch orders, reports instances.',
  },
);

export const ImageType = graphqlEnum<ImageTypeName>('ImageType', 'Which slot of a launch an image fits.', {
  MACHINE: 'A bootable machine image.',
  KERNEL: 'A kernel image.',
  RAMDISK: 'A ramdisk image.',
});

export const Visibility = graphqlEnum<'PUBLIC' | 'PRIVATE'>('Visibility', 'Who sees a thing.', {
  PUBLIC: 'Every account sees it.',
  PRIVATE: 'Its owner sees it, and the accounts it is shared with.',
});

export const ImageAvailability = graphqlEnum<ImageAvailabilityName>(
  'ImageAvailability',
  'Whether the viewing account can launch an image (R-3.2).',
  {
    AVAILABLE: 'Visible, and its lifecycle is AVAILABLE or DEPRECATED.',
    UNAVAILABLE: 'Not visible to the viewer, or PENDING, FAILED or OBSOLETE.',
    INVALID: 'DELETED: gone from the cloud.',
  },
);

export const ImageLifecycle = graphqlEnum<ImageLifecycleName>(
  'ImageLifecycle',
  'Where an image is in its life (R-3.1).',
  {
    PENDING: 'Being made; not launchable yet.',
    AVAILABLE: 'In good order.',
    FAILED: 'Its making failed.',
    DEPRECATED: 'Still launchable, but a newer one should be used.',
    OBSOLETE: 'Withdrawn from use; not launchable.',
    DELETED: 'Gone from the cloud.',
  },
);

export const CatalogFormat = graphqlEnum<CatalogFormatName>(
  'CatalogFormat',
  'Listing formats that `importCatalog` reads (R-3.3).',
  {
    COREOS_STREAM: 'Fedora CoreOS or RHCOS stream metadata, JSON.',
    AWS_DESCRIBE_IMAGES: 'Output of `aws ec2 describe-images`, JSON. Needs `region`.',
    AWS_INSTANCE_TYPE_OFFERINGS: 'Output of `aws ec2 describe-instance-type-offerings`, JSON.',
    PACKER_MANIFEST: "Output of Packer's `manifest` post-processor, JSON.",
    UBUNTU_SIMPLESTREAMS: "Ubuntu's simplestreams `released:aws` listing, JSON.",
    CSV: 'Comma-separated values with a header line.',
  },
);

export const ComponentKind = graphqlEnum<'SERVER_TEMPLATE' | 'MULTI_CLOUD_IMAGE' | 'RIGHT_SCRIPT'>(
  'ComponentKind',
  'The three versioned things.',
  {
    SERVER_TEMPLATE: 'A ServerTemplate.',
    MULTI_CLOUD_IMAGE: 'A MultiCloud Image.',
    RIGHT_SCRIPT: 'A RightScript.',
  },
);

export const ComponentOrigin = graphqlEnum<'PRIVATE' | 'IMPORTED' | 'SUBSCRIBED'>(
  'ComponentOrigin',
  'How a component came into the local collection.',
  {
    PRIVATE: 'Created or cloned here; its HEAD is editable.',
    IMPORTED: 'Imported from the marketplace; read-only.',
    SUBSCRIBED: 'A published HEAD that is followed; read-only.',
  },
);

export const ScriptPhase = graphqlEnum<ScriptPhaseName>('ScriptPhase', 'When a script runs on a server.', {
  BOOT: 'While the server boots.',
  OPERATIONAL: 'On demand, while it is operational.',
  DECOMMISSION: 'Before it is terminated.',
});

export const HistoryEvent = graphqlEnum<HistoryEventName>('HistoryEvent', 'What happened to a component.', {
  CREATED: 'It was made from nothing.',
  COMMITTED: 'HEAD became a revision.',
  CLONED: 'It was made as a clone of another one.',
  MERGED: 'Another version was merged into HEAD.',
  RESTORED: 'HEAD was set back to a revision.',
});

export const ChangeKind = graphqlEnum<ChangeKindName>('ChangeKind', 'How two versions differ at a path.', {
  ADDED: 'Only the second has it.',
  REMOVED: 'Only the first has it.',
  MODIFIED: 'Both have it, with different values.',
  MOVED: 'Both have it, at another place of the order.',
});

export const MergeSide = graphqlEnum<MergeSideName>('MergeSide', 'Which side of a conflict to take.', {
  OURS: 'What HEAD has.',
  THEIRS: 'What the merged version has.',
  BASE: 'What their common ancestor had.',
});

export const InstanceState = graphqlEnum<InstanceStateName>(
  'InstanceState',
  'What a launched machine is doing.',
  {
    PENDING: 'Ordered; the cloud has not taken the call yet.',
    BOOTING: 'The cloud runs it; its boot scripts run.',
    OPERATIONAL: 'Its boot scripts are done.',
    STRANDED: 'A boot script failed: a person decides.',
    DECOMMISSIONING: 'It is being ended; its decommission scripts run.',
    TERMINATED: 'It is gone.',
  },
);

export const TemplateUse = graphqlEnum<TemplateUseName>(
  'TemplateUse',
  'What of servers and arrays moves to another revision.',
  {
    NEXT: 'What they launch next.',
    CURRENT: 'What their running instances follow; images take effect at a relaunch (R-8.4).',
    BOTH: 'What they launch next, and what their running instances follow.',
  },
);

export const InstanceUse = graphqlEnum<'NEXT' | 'CURRENT'>(
  'InstanceUse',
  'How servers and arrays use a ServerTemplate version.',
  {
    NEXT: 'They would launch from it next.',
    CURRENT: 'A running instance of theirs follows it.',
  },
);

export const OrderKind = graphqlEnum<OrderKindName>('OrderKind', 'What a launcher is to do.', {
  LAUNCH: 'Launch a machine.',
  TERMINATE: 'Terminate a machine.',
  BUNDLE: 'Make an image of a running machine.',
});

export const OrderState = graphqlEnum<OrderStateName>('OrderState', 'How far an order is.', {
  WAITING: 'Not yet to be claimed: another machine has to end first.',
  OPEN: 'To be claimed.',
  CLAIMED: 'A launcher works on it, until its lease expires.',
  COMPLETED: 'It was done.',
  FAILED: 'It could not be done.',
});

export const SettingOrigin = graphqlEnum<'HAND' | 'MATCHER'>('SettingOrigin', 'How a setting was made.', {
  HAND: 'By a person; `rematch` never touches it.',
  MATCHER: 'By a matcher; `rematch` keeps it current.',
});

export const MatcherPick = graphqlEnum<'UNIQUE' | 'NEWEST'>(
  'MatcherPick',
  'What a matcher does when several images match.',
  {
    UNIQUE: 'Takes the image only when it is the only match.',
    NEWEST: 'Takes the newest: the latest `publishedAt`, then the greatest `resourceUid`.',
  },
);

export const LaunchField = graphqlEnum<LaunchFieldName>('LaunchField', 'A value of a launch configuration.', {
  MULTI_CLOUD_IMAGE: 'The MultiCloud Image.',
  IMAGE: 'The machine image.',
  INSTANCE_TYPE: 'The instance type.',
  KERNEL_IMAGE: 'The kernel image.',
  RAMDISK_IMAGE: 'The ramdisk image.',
  USER_DATA: 'The user data given to the machine.',
});

export const ConfigurationSource = graphqlEnum<ConfigurationSourceName>(
  'ConfigurationSource',
  'Where a resolved value came from, strongest first (R-7.4).',
  {
    REQUEST: 'Chosen in the request.',
    SERVER: "The server's own choice.",
    SERVER_ARRAY: "The server array's own choice.",
    SERVER_TEMPLATE: 'The ServerTemplate (its default MultiCloud Image).',
    MULTI_CLOUD_IMAGE: "The MultiCloud Image's setting for the cloud.",
  },
);

export const LaunchStatus = graphqlEnum<'READY' | 'BLOCKED'>(
  'LaunchStatus',
  'Whether a launch would go ahead.',
  {
    READY: 'Nothing stands in the way.',
    BLOCKED: 'At least one advisory is BLOCKING.',
  },
);

export const StepOutcome = graphqlEnum<'CHOSEN' | 'PASSED_OVER' | 'REJECTED' | 'ABSENT'>(
  'StepOutcome',
  'What became of a candidate in a resolution.',
  {
    CHOSEN: 'This candidate decides the value.',
    PASSED_OVER: 'A stronger source decided.',
    REJECTED: 'Could not serve this cloud.',
    ABSENT: 'This source names nothing.',
  },
);

export const Severity = graphqlEnum<SeverityName>('Severity', 'How serious an advisory is.', {
  INFO: 'Worth knowing.',
  WARNING: 'Look into it.',
  BLOCKING: 'Prevents the launch.',
});

export const AdvisoryCode = graphqlEnum<AdvisoryCodeName>(
  'AdvisoryCode',
  'What an advisory is about (section 11 of the rules).',
  {
    CLOUD_NOT_SUPPORTED:
      'No image from anywhere for this cloud, or a merge brings a cloud that this account does not see.',
    INSTANCE_TYPE_MISSING: 'No instance type from anywhere.',
    IMAGE_UNAVAILABLE: 'The image is not available to this account.',
    IMAGE_INVALID: 'The image is gone from the cloud, or a merge brings one that does not fit its place.',
    ARCHITECTURE_MISMATCH: "The instance type cannot run the image's CPU architecture.",
    NO_DEFAULT_MCI: 'The ServerTemplate names no MultiCloud Image and none was chosen.',
    LIMIT_EXCEEDED: 'A merge would make more of something than is allowed.',
    SCRIPT_BLANK: 'A merge would leave a RightScript without text.',
    UNCOMMITTABLE: 'A merge commits uncommitted work of HEAD first, which may not be committed as it is.',
    HEAD_DEPENDENCY: 'Depends on an editable HEAD, which can change under you.',
    MCI_NOT_IN_TEMPLATE: 'The chosen MultiCloud Image is not one that the ServerTemplate names.',
    IMAGE_DEPRECATED: 'The image is deprecated; the message names the replacement.',
    INSTANCE_TYPE_UNAVAILABLE:
      'The instance type is no longer offered in this cloud, or a merge brings one that is not visible to this account or belongs to another cloud.',
    MIXED_ARCHITECTURES: 'The settings of the MultiCloud Image use several CPU architectures.',
    AGENT_TAG_MISSING: 'An agent is needed, but the MultiCloud Image lacks its tag (R-10.2).',
    AGENT_NOT_IN_IMAGE: 'The MultiCloud Image is tagged for the agent, but the image does not carry it.',
    KERNEL_WITHOUT_IMAGE: 'Kernel or ramdisk is inherited although the image is overridden.',
    COMPONENT_DELETED: 'The component has been deleted.',
    SUBSCRIBED_HEAD: 'Follows the published HEAD of another account.',
    SUBSCRIPTION_ENDED: 'The followed publication is no longer accessible, or carries it no more.',
    IMAGE_OVERRIDDEN: "The image is chosen instead of the MultiCloud Image's.",
    IMAGE_PRIVATE: 'The image is private.',
    MIXED_OPERATING_SYSTEMS: 'The settings of the MultiCloud Image use several operating systems.',
    UPDATE_AVAILABLE: 'A newer revision is available.',
    ARCHITECTURE_UNKNOWN: 'The CPU architecture of the image or the instance type is not known.',
  },
);

export const UserErrorCode = graphqlEnum<RefusalCode>('UserErrorCode', 'Why a mutation was refused.', {
  INVALID: 'A field of the input does not hold what it must.',
  NOT_FOUND: 'Nothing visible to this account has this id.',
  NOT_EDITABLE: 'Only a HEAD that this account owns can be edited, and nothing that was deleted.',
  NOTHING_TO_COMMIT: 'HEAD equals its newest revision.',
  STALE: 'Somebody changed the object since it was read; read it again.',
  IN_USE: 'Something still uses it.',
  PUBLISHED: 'What was published cannot be deleted.',
  ALREADY_PUBLISHED: 'This revision is published already.',
  HEAD_DEPENDENCY: 'It pins a HEAD that has to be committed first.',
  DEPENDENCY_NOT_VISIBLE: 'Part of the audience cannot see a dependency.',
  PRIVATE_IMAGE: 'The audience cannot use an image.',
  CLOUD_NOT_SUPPORTED: 'No image for this cloud.',
  INSTANCE_TYPE_MISSING: 'No instance type for this cloud.',
  INCOMPATIBLE_ARCHITECTURE: "The instance type cannot run the image's CPU architecture.",
  MERGE_CONFLICT: 'Both sides changed the same thing.',
  MERGE_VIOLATION: 'The merged result would break a rule.',
  ALREADY_RUNNING: 'The server has a running instance.',
  NOT_RUNNING: 'Nothing is running.',
  LIMIT_EXCEEDED: 'A limit would be exceeded.',
  EULA_NOT_ACCEPTED: 'An end-user licence agreement has to be accepted first.',
});

export const PublicationStatus = graphqlEnum<PublicationStatusName>(
  'PublicationStatus',
  'Whether a publication is offered (R-9.3). Whoever imported it keeps it either way.',
  {
    ACTIVE: 'It is offered.',
    DEPRECATED: 'It is hidden: an earlier active revision appears instead. It can be reactivated.',
  },
);

export const WebhookEvent = graphqlEnum<WebhookEventName>('WebhookEvent', 'What a webhook is told of.', {
  COMPONENT: "Something happened to the account's components, beside edits of HEADs.",
  PUBLICATION:
    'A publication that the account may look at is new, is offered to more accounts, or changed in another way.',
  INSTANCE: "The account's instances were launched, or came from one state to another.",
  IMPORT_UPDATE:
    'The marketplace began to offer a newer revision of something that the account imported (R-9.6).',
});

export const WebhookDeliveryState = graphqlEnum<DeliveryState>(
  'WebhookDeliveryState',
  'What became of an event for a webhook.',
  {
    PENDING: 'It is to be sent, for the first time or again; it waits while the webhook is inactive.',
    DELIVERED: 'The receiver answered with a status from 200 to 299.',
    DEAD: 'It was given up: after twelve attempts in some 27 hours, or because the receiver answered 410. It can be replayed.',
  },
);
