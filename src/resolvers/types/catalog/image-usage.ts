import { ObjectType } from 'type-graphql';

/** Where an image is used in the local collection; carries the image's key. */
@ObjectType({ simpleResolvers: true, description: 'Where an image is used in the local collection (R-5.6).' })
export class ImageUsage {
  readonly imageId: string;
}
