import { questions } from '../../contract/analytics.ts';
import { principals } from './principals.ts';
import type { Question } from './question.ts';

export const keys: Question<'keys'> = {
  query: questions.keys.query,
  answer: async (warehouse, query, context) => {
    const { range, rows } = await principals('key_id', warehouse, query, context);
    return { range, keys: rows };
  },
};
