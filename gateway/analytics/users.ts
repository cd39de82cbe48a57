import { questions } from '../../contract/analytics.ts';
import { principals } from './principals.ts';
import type { Question } from './question.ts';

export const users: Question<'users'> = {
  query: questions.users.query,
  answer: async (warehouse, query, context) => {
    const { range, rows } = await principals('user_id', warehouse, query, context);
    return { range, users: rows };
  },
};
