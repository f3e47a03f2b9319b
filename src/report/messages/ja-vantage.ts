import type { Messages } from './en.ts';

export const jaVantage: Messages['vantage'] = {
  reachedFrom: (list) => `${list} からも届く`,
  notFrom: (list) => `${list} からは届かない`,
  notLookedFrom: (list) => `${list} からは見ていない`,
  restrictedTo: (list) => `${list} のみの申告`,
  reachedDespite: (list) => `${list} から届く`,
  seenReached: (list) => `同じ日に、次の観測点から届きました：${list}。`,
  seenNot: (list) => `同じ日に、次の観測点からは点検しても届きませんでした：${list}。`,
  seenNotLooked: (list) => `同じ日に、次の観測点からは点検していません：${list}。`,
  declaredFor: (allowed, reached) =>
    `申告では ${allowed} からだけ届くはずですが、${reached} から届きました。申告した接続元に含まれないなら、接続元の制限が効いていません。`,
  one: (name, at) => `${name}（${at}）`,
  others: (list) => `同じ日に、ほかの観測点からも点検しています：${list}。`,
  onlyThere: (name, n, list) =>
    `${name} からは、ここからは応答がないか点検していない場所が ${n.toLocaleString('ja-JP')} か所応答しました：${list}。`,
};
