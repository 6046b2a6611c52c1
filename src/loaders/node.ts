import { hasRole } from '../domain/access/principal';
import type { GlobalId, NodeType } from '../domain/global-id';
import type { Node } from '../entities/node';
import type { RequestContext } from './request-context';

/** Any node that the viewer may see, by its global id; otherwise `null`. */
export function loadNode(context: RequestContext, { type, key }: GlobalId): Promise<Node | null> {
  return READERS[type](context, key);
}

type Reader = (context: RequestContext, key: string) => Promise<Node | null>;

const READERS: Record<NodeType, Reader> = {
  Account: ({ loaders }, key) => loaders.account.load(key),
  AccessToken: ({ loaders, principal }, key) =>
    hasRole(principal, 'ADMIN') ? loaders.accessToken.load(key) : Promise.resolve(null),
  AuditEntry: ({ loaders }, key) => loaders.auditEntry.load(key),
  Webhook: ({ loaders, principal }, key) =>
    hasRole(principal, 'ADMIN') ? loaders.webhook.load(key) : Promise.resolve(null),
  WebhookDelivery: ({ loaders, principal }, key) =>
    hasRole(principal, 'ADMIN') ? loaders.webhookDelivery.load(key) : Promise.resolve(null),
  Deployment: ({ loaders }, key) => loaders.deployment.load(key),
  Server: ({ loaders }, key) => loaders.server.load(key),
  ServerArray: ({ loaders }, key) => loaders.serverArray.load(key),
  Instance: ({ loaders }, key) => loaders.instance.load(key),
  LaunchOrder: ({ loaders }, key) => loaders.launchOrder.load(key),
  Publication: publicationFor,
  AccountGroup: ({ loaders }, key) => loaders.accountGroup.load(key),
  EulaRevision: ({ loaders }, key) => loaders.eulaRevision.load(key),
  User: ({ loaders }, key) => loaders.user.load(key),
  Cloud: ({ loaders }, key) => loaders.cloud.load(key),
  CloudImage: visibleImage,
  InstanceType: ({ loaders }, key) => loaders.instanceType.load(key),
  MultiCloudImage: ({ loaders }, key) => loaders.multiCloudImages.byId.load(key),
  MultiCloudImageSetting: ({ loaders }, key) => loaders.setting.load(key),
  MultiCloudImageMatcher: ({ loaders }, key) => loaders.matcher.load(key),
  ServerTemplate: ({ loaders }, key) => loaders.serverTemplates.byId.load(key),
  RightScript: ({ loaders }, key) => loaders.rightScripts.byId.load(key),
};

/** designers and library users look at what the marketplace offers; publishers at what their account published. */
export async function publicationFor({ loaders, principal, viewer }: RequestContext, key: string) {
  if (!hasRole(principal, 'DESIGNER', 'LIBRARY', 'PUBLISHER')) return null;
  const publication = await loaders.publication.load(key);
  const isOwn = publication?.accountId === viewer.accountId;
  return isOwn || hasRole(principal, 'DESIGNER', 'LIBRARY') ? publication : null;
}

/** An image, if the viewer sees it. */
export async function visibleImage({ loaders }: RequestContext, key: string) {
  const image = await loaders.image.load(key);
  return image?.visible ? image : null;
}
