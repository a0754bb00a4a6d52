-- Versions of distributions that packagecloud has too, under ids that are not known: clients that look an id up by name
-- find them. They are data like others that were added, and can be removed.
insert into distribution_added (package_type, distribution, distribution_name, version, version_name, version_number,
    added_at)
select type, distribution, distribution_name, version, version_name, version_number, now() from (values
    (1, 'deb', 'debian', 'Debian', 'duke', '15 duke', '15.0'),
    (2, 'deb', 'ubuntu', 'Ubuntu', 'plucky', '25.04 Plucky Puffin', '25.04'),
    (3, 'deb', 'ubuntu', 'Ubuntu', 'questing', '25.10 Questing Quokka', '25.10'),
    (4, 'deb', 'ubuntu', 'Ubuntu', 'resolute', '26.04 LTS Resolute Raccoon', '26.04'),
    (5, 'deb', 'raspbian', 'Raspbian', 'duke', '15 duke', '15.0'),
    (6, 'deb', 'linuxmint', 'LinuxMint', 'xia', '22.1 Xia', '22.1'),
    (7, 'deb', 'elementaryos', 'elementary OS', 'circe', '8.0 Circe', '8.0'),
    (8, 'rpm', 'el', 'Enterprise Linux', '10', 'Enterprise Linux 10.0', '10.0'),
    (9, 'rpm', 'ol', 'Oracle Linux', '10', 'Oracle Linux 10.0', '10.0'),
    (10, 'rpm', 'fedora', 'Fedora', '42', '42 Fedora 42', '42.0'),
    (11, 'rpm', 'fedora', 'Fedora', '43', '43 Fedora 43', '43.0'),
    (12, 'rpm', 'fedora', 'Fedora', '44', '44 Fedora 44', '44.0'),
    (13, 'rpm', 'sles', 'SUSE Linux Enterprise Server', '15.7', 'SLES 15.7', '15.7'),
    (14, 'rpm', 'sles', 'SUSE Linux Enterprise Server', '16.0', 'SLES 16.0', '16.0'),
    (15, 'rpm', 'opensuse', 'openSUSE', '16.0', 'openSUSE 16.0', '16.0'),
    (16, 'rpm', 'poky', 'Poky', 'walnascar', '5.2 walnascar', '5.2'),
    (17, 'rpm', 'poky', 'Poky', 'whinlatter', '5.3 whinlatter', '5.3')
) as newer (place, type, distribution, distribution_name, version, version_name, version_number)
order by place
on conflict (distribution, version) do nothing;
