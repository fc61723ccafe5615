import { Field, InterfaceType } from '@nestjs/graphql';

/** What every refusal has in common, so that a client can ask for `... on Refusal` and never miss one. */
@InterfaceType({ description: 'An expected "no": act on the code, show the message.' })
export abstract class Refusal {
  @Field(() => String) code: string;
  @Field(() => String, { description: 'One sentence for a person.' }) message: string;
}
