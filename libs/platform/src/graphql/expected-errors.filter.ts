import { Catch } from '@nestjs/common';
import type { GqlExceptionFilter } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';

/** A "no" that we said ourselves is an answer; only what nobody expected belongs in the log of errors. */
@Catch(GraphQLError)
export class ExpectedErrors implements GqlExceptionFilter<GraphQLError> {
  catch(error: GraphQLError): GraphQLError {
    return error;
  }
}
