import { Field, ID, InputType, registerEnumType } from 'type-graphql';
import { ComponentKind, PublicationStatus } from '../../../entities/enums';

export const MarketplaceOrder = {
  NAME_ASC: 'NAME_ASC',
  NAME_DESC: 'NAME_DESC',
  NEWEST: 'NEWEST',
  RATING: 'RATING',
  IMPORTS: 'IMPORTS',
  RELEVANCE: 'RELEVANCE',
} as const;
registerEnumType(MarketplaceOrder, {
  name: 'MarketplaceOrder',
  description: 'Orders of the marketplace; ties are broken by id.',
  valuesConfig: {
    NAME_ASC: { description: 'By name, A first.' },
    NAME_DESC: { description: 'By name, Z first.' },
    NEWEST: { description: 'Last published first.' },
    RATING: { description: 'Best rated first; what nobody rated last.' },
    IMPORTS: { description: 'Most often imported first; private ones count as never imported.' },
    RELEVANCE: {
      description:
        'What `search` finds best first: in the name, then categories, short description and publisher, then long description.',
    },
  },
});

@InputType({ description: 'What narrows any list of publications; all conditions must hold.' })
class PublicationFilter {
  @Field(() => ComponentKind, { nullable: true, description: 'Only components of this kind.' })
  kind?: keyof typeof ComponentKind | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Only what was (true) or was not (false) published along with a ServerTemplate that pins it (R-9.2).',
  })
  implicit?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'Only publications of this lineage.' })
  lineageId?: string | null;
}

@InputType({ description: 'Narrows the marketplace; all conditions must hold.' })
export class MarketplaceFilter extends PublicationFilter {
  @Field(() => String, {
    nullable: true,
    description:
      'Words that must all occur: at the beginning of a word of name, categories, descriptions or publisher, or anywhere in the name; at most 10.',
  })
  search?: string | null;

  @Field(() => String, { nullable: true, description: 'Only what has this category, ignoring case.' })
  category?: string | null;

  @Field(() => String, { nullable: true, description: "Part of the publisher's name, ignoring case." })
  publisher?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      'Only what supports this cloud with an image that is AVAILABLE to this account (R-5.2); never a RightScript.',
  })
  cloudId?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Only other accounts' private ones, offered to a group of this account (true), or only the rest (false).",
  })
  sharedWithMe?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only what is (true) or is not (false) imported into the local collection.',
  })
  imported?: boolean | null;
}

@InputType({ description: "Narrows the list of the account's own publications; all conditions must hold." })
export class MyPublicationsFilter extends PublicationFilter {
  @Field(() => PublicationStatus, { nullable: true, description: 'Only active or only deprecated ones.' })
  status?: keyof typeof PublicationStatus | null;
}
