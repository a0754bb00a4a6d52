-- On which side of the perimeter one may do what one may do. Whoever could deploy or roll back could so on both sides;
-- roles and tokens of a team's own keep that, the built-in roles are parted.
update access_role set permissions = permissions || '{INSIDE_PERIMETER,OUTSIDE_PERIMETER}'::text[]
where permissions && '{DEPLOY,ROLLBACK}'::text[] and name not in ('release-manager', 'ops');
update access_role set permissions = permissions || '{INSIDE_PERIMETER}'::text[] where name = 'release-manager';
update access_role set permissions = permissions || '{DEPLOY,OUTSIDE_PERIMETER}'::text[] where name = 'ops';
update access_token set permissions = permissions || '{INSIDE_PERIMETER,OUTSIDE_PERIMETER}'::text[]
where permissions && '{DEPLOY,ROLLBACK}'::text[];
