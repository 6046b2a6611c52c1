import type { AccountPrincipal } from '../../domain/access/principal';

/** What a field gives, as far as its JSON depends on it. */
export interface FieldType {
  /** Name of the GraphQL type, without list and non-null. */
  readonly name: string;
  readonly kind: 'object' | 'enum' | 'scalar';
  readonly list: boolean;
  readonly nullable: boolean;
}

/** A field that is asked for: fragments, aliases, `@include` and `@skip` are worked in. */
export interface SelectedField {
  readonly name: string;
  /** Under which it stands in the answer. */
  readonly key: string;
  readonly type: FieldType;
  /** By name, as resolvers are given them. @throws GraphQLError for what no argument can be */
  readonly arguments: () => Readonly<Record<string, unknown>>;
  /** One of them, whose value may change from request to request while the plan stays; `null` when there is none. */
  readonly deferred: (name: string) => Deferred | null;
  readonly selection: Selection;
}

/** What is asked of an object: it depends on its type where that is an interface or a union. */
export interface Selection {
  of(typeName: string): readonly SelectedField[];
}

/** Values of a request that are known only when it runs. */
export interface RequestValues {
  readonly accountId: string;
  readonly now: Date;
  /** Left out: who it is beside the account, and what it may do, is not known yet. */
  readonly principal?: Pick<AccountPrincipal, 'userId' | 'roles'>;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** A parameter of a statement that each request gives a value. */
export class Deferred {
  constructor(
    /** @throws DomainError INVALID for a value that can't be */
    readonly valueOf: (values: RequestValues) => unknown,
  ) {}

  /** The same, worked up: the key of a global id, for instance. */
  map(work: (value: unknown) => unknown): Deferred {
    return new Deferred((values) => work(this.valueOf(values)));
  }
}
